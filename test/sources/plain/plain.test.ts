import { plain } from "../../../src/sources/plain/index.ts";
import { conforms } from "../conformance.ts";

conforms("plain", (secrets) =>
  plain.create("plain", plain.config.parse({ type: "plain", secrets })),
);
