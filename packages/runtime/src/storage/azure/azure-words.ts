import type { StoreAccess } from '../transport/ask';
import { redactUri } from '../transport/redact';
import type { StoreWords } from '../transport/store-error';
import { textOf } from '../transport/xml';
import type { BlobAddress } from './blob-address';

/** What differs between the services of Azure storage. */
interface ServiceWords {
  /** What the service calls the first part of a path. */
  readonly root: 'container' | 'share';
  readonly withoutIdentity: string;
  readonly withIdentity: (identity: string) => string;
}

/** Words of errors about an address of Azure storage. */
export function azureWords(uri: string, { account, container }: BlobAddress, { authorizer: { identity } }: StoreAccess, { root, withoutIdentity, withIdentity }: ServiceWords): StoreWords {
  return {
    store: 'azure',
    subject: `${root} ${container} of account ${account}`,
    uri: redactUri(uri),
    identity,
    deniedHint: identity === 'anonymous' ? withoutIdentity : withIdentity(identity),
    notFoundHint: `check account, ${root} and path`,
    detail: ({ body }) => [textOf(body, 'Code'), textOf(body, 'Message')?.split('\n')[0]].filter(Boolean).join(': ').slice(0, 300) || undefined,
  };
}
