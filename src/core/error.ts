/** An error of Bellhop's own: a permanent code, a message in sentences, and what to do about it. */
export class BridgeError extends Error {
  /** Kebab-case and permanent, so that people can search for it. */
  readonly code: string;
  /** What to do. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
  }
}

/** A payload that is not JSON or not of its type's schema: the webhook goes to quarantine. */
export class PayloadError extends BridgeError {
  /** The paths that did not fit, such as `data.id`; empty when the body is not JSON. */
  readonly paths: readonly string[];

  constructor(message: string, paths: readonly string[] = [], options: { cause?: unknown } = {}) {
    super("payload-invalid", message, options);
    this.paths = paths;
  }
}

/** A template that could not be rendered; `place` is `file:line:column` where it is known. */
export class TemplateError extends BridgeError {
  readonly place: string | undefined;

  constructor(message: string, options: { place?: string; hint?: string; cause?: unknown } = {}) {
    super("template-failed", message, options);
    this.place = options.place;
  }
}
