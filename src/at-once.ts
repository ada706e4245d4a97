/** Does the same with each of many, so many of them at once, begun in their order. */
export async function atOnce<Item>(
  most: number,
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const line = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  // After a failure nothing more is begun, and nothing is left running when it is told.
  const stop = (error: unknown) => {
    left.length = 0;
    throw error;
  };
  const ends = await Promise.allSettled(Array.from({ length: most }, () => line().catch(stop)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
