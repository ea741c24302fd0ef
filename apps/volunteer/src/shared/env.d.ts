/** What the build gives besides code: the address of a worker's own bundle, and style sheets. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}
declare module '*.css';
/** The coordinator's signing key (base64url) that the page is built for; empty for any. */
declare const __COORDINATOR_KEY__: string;
/** The package brings no types: it is handed to Socket.IO as it is. */
declare module 'socket.io-msgpack-parser';
