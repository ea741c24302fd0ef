/** What systems and engines call it when there is no connection, in words. */
const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused, so nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'nothing comes back from there',
  UND_ERR_CONNECT_TIMEOUT: 'nothing comes back from there',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  EPROTO: 'it does not speak https; is it http://?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https; is it http://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak https; is it http://?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host',
};

const codeOf = (error: Error): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

/** Why there is no connection: `fetch failed` says nothing; the reason is in its cause. */
export const connectionFault = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const reason = error.cause instanceof Error ? error.cause : error;
  const [code, said] = [codeOf(reason), reason.message];
  const words = WORDS[code];
  if (said === 'bad port') return 'no client opens a connection to that port (bad port)';
  if (words === undefined) return said === '' ? code : said;
  return `${words} (${said.includes(code) ? said : code})`;
};
