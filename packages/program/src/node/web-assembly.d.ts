/** What is used of Node's WebAssembly, of which its types name the namespace only. */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  const Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
}
