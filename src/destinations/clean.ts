/** Control characters other than line feed, which no platform shows. */
const CONTROL = /(?!\n)\p{Cc}/gu;

/** The text without control characters and broken surrogates; line ends become `\n`, tabs a space. */
export function clean(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\t", " ").replace(CONTROL, "");
}

/** As `clean`, on one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/\s*[\n\u2028\u2029]\s*/g, " ");
}
