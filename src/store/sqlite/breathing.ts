import type {
  KyselyPlugin,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from "kysely";
import { breathe } from "../breathe.ts";

/** Lets the event loop have its turns between the statements of a transaction, each of which holds up the process. */
export const breathing: KyselyPlugin = {
  transformQuery: ({ node }): RootOperationNode => node,
  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    await breathe();
    return result;
  },
};
