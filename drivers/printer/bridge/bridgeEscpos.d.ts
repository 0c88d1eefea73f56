// Owns the types of the npm package `escpos` as far as it is used; it ships none.
declare module 'escpos' {
  interface MemoryAdapter {
    write(data: Uint8Array, callback?: () => void): void;
  }
  export const Printer: new (
    adapter: MemoryAdapter,
    options: { readonly encoding: string },
  ) => { flush(callback: () => void): unknown };
}
