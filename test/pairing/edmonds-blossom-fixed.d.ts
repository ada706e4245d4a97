/** The package has no types: edges as [from, to, weight] between numbers from 0 -> each one's partner, -1 for none. */
declare module "edmonds-blossom-fixed" {
  const blossom: (edges: readonly (readonly [number, number, number])[], maxCardinality?: boolean) => number[];
  export default blossom;
}
