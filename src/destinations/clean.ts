/** Control characters other than line feed and tab, which no platform shows. */
// oxlint-disable-next-line no-control-regex -- removing them is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The text without control characters and broken surrogates; line ends become `\n`, tabs a space. */
export function clean(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\t", " ").replace(CONTROL, "");
}

/** As `clean`, on one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/\s*[\n\u2028\u2029]\s*/g, " ");
}
