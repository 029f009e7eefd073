/** Makes ids that sort by the time they were made; `prefix` tells what the id is of. */
export type NewId = (prefix: "clm" | "dlv" | "evt" | "rpt") => string;
