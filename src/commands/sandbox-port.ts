/** The port that `bellhop sandbox` listens on unless told otherwise. */
export const SANDBOX_PORT = 8091;

/** Where `bellhop sandbox` listens unless told otherwise. */
export const SANDBOX_URL = `http://127.0.0.1:${SANDBOX_PORT}`;
