/** Query parameters that are no secrets and that a reader of a log needs. Everything else in a query is hidden. */
const OPEN_PARAMETERS = new Set(['versionid', 'generation', 'prefix', 'ref', 'revision', 'archive']);

/** Whether a query parameter may be shown. */
export function isOpenParameter(name: string): boolean {
  return OPEN_PARAMETERS.has(name.toLowerCase());
}

/** An address as it may be shown: without user, password and the values of its query (signatures, SAS tokens). */
export function redactUri(uri: string): string {
  const [address = '', ...query] = uri.split('?');
  const shown = address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1***@');
  if (query.length === 0) return shown;
  const parts = query.join('?').split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return value.length === 0 || isOpenParameter(name) ? pair : `${name}=***`;
  });
  return `${shown}?${parts.join('&')}`;
}
