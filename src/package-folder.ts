/**
 * The package's own folder as a URL, with templates, samples and package.json in it. This file lies right below it, in `src`
 * or bundled with others in `dist`.
 */
export const PACKAGE_FOLDER = new URL("../", import.meta.url);
