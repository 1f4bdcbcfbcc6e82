// store: orders as files, one each, in the directory that `invoices` may read.
import { readFile, rename, writeFile } from 'node:fs/promises';

const directory = `${process.env.FNWARD_PROJECT}/var/orders`;

/** Written beside its place and moved there, so that no reader meets half an order. */
export async function save(order) {
  const path = `${directory}/${order.id}.json`;
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, JSON.stringify(order));
  await rename(draft, path);
}

export async function load(id) {
  try {
    return JSON.parse(await readFile(`${directory}/${id}.json`, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
