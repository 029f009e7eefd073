import { polar } from "../../../src/sources/polar/index.ts";
import { conforms } from "../conformance.ts";

conforms("polar", (secrets) =>
  polar.create("polar", polar.config.parse({ type: "polar", secrets })),
);
