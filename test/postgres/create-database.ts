import { Client } from "pg";

/** Makes a database on a server, empty or a copy of another one that nobody is connected to, and gives back its URL. */
export async function createDatabase(
  server: string,
  name: string,
  template = "template1",
): Promise<string> {
  await on(server, (client) => {
    const [made, from] = [name, template].map((one) => client.escapeIdentifier(one));
    return client.query(`create database ${made} template ${from}`);
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops a database of a server, with the connections to it; does nothing when there is none. */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await on(server, (client) => drop(client, name));
}

/** Drops the databases of a server whose names begin so, with the connections to them. */
export async function dropDatabases(server: string, prefix: string): Promise<void> {
  await on(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      "select datname from pg_database where starts_with(datname, $1)",
      [prefix],
    );
    for (const { datname } of rows) await drop(client, datname);
  });
}

async function drop(client: Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
}

async function on(server: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
