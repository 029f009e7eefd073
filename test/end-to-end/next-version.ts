import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;

/** What the version after this one adds: columns of tables that are in use, in an order of its own, an index, and a table. */
const MIGRATION = `
export const next = {
  async up(db) {
    await db.schema.alterTable("deliveries").addColumn("of_next", "text").execute();
    await db.schema.alterTable("events").addColumn("of_next", "bigint").execute();
    await db.schema.createIndex("deliveries_of_next").on("deliveries").column("of_next").execute();
    await db.schema.createTable("next").addColumn("id", "text").execute();
  },
};
`;

/** The name of that migration. */
export const NEXT_MIGRATION = "999-next";

/**
 * Makes the version after this one in a folder: this tree with one more migration, which leaves this version able to go
 * on. Gives back its `main.ts`.
 */
export async function makeNextVersion(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const one of ["src", "templates", "samples", "package.json"])
    await cp(join(ROOT, one), join(folder, one), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const migrations = join(folder, "src", "store", "migrations");
  await writeFile(join(migrations, `${NEXT_MIGRATION}.js`), MIGRATION);
  const index = join(migrations, "index.ts");
  await writeFile(index, withMigration(await readFile(index, "utf8")));
  return join(folder, "src", "main.ts");
}

function withMigration(index: string): string {
  const opening = /export const MIGRATIONS: [^{]*\{[^}]*/;
  if (!opening.test(index))
    throw new Error("The list of migrations has another form than thought.");
  const listed = index.replace(opening, (list) => `${list}  "${NEXT_MIGRATION}": next,\n`);
  return `import { next } from "./${NEXT_MIGRATION}.js";\n${listed}`;
}
