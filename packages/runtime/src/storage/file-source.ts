import { localListing } from './local-listing';
import type { Source } from './source';

const PREFIX = 'file://';

/** `file:///path`: a folder or file of this machine. Nothing is percent-decoded, as in KServe. */
export const fileSource: Source = {
  schemes: ['file'],
  list: (uri, session) => localListing(uri.slice(PREFIX.length), uri, session),
};
