/**
 * Reading typed arrays whose index is in range by construction: the compiler cannot see it, so it is said once, here.
 * One reader a kind of array: shared between kinds, the engine would compile each read for all of them and slower.
 */
// The casts drop `undefined` only; a read out of range would be a bug, and the property tests would meet it as NaN.
export const int = (values: Int32Array, index: number): number => values[index] as number;
export const short = (values: Uint16Array, index: number): number => values[index] as number;
export const byte = (values: Uint8Array, index: number): number => values[index] as number;
export const real = (values: Float64Array, index: number): number => values[index] as number;
