import { setTimeout as sleep } from 'node:timers/promises';

const ready = await sleep(5, 'ready'); // top-level await

export const echo = async (event) => event;
export const topLevel = async () => ready;
export const nothing = async () => {};
export const rejects = async () => {
  throw new RangeError('out of range');
};
export const plainResult = () => 'ignored, since it is neither a promise nor called back';
export const api = { v1: { handler: async () => 'nested' } };
