import type { IncomingHttpHeaders } from 'node:http';
import type { FetchSession } from '../session';
import type { SourceFile } from '../source';
import { askHead, type StoreAccess } from '../transport/ask';
import type { HttpRequest } from '../transport/http-client';
import { openBody } from '../transport/open-body';
import type { StoreWords } from '../transport/store-error';
import { CHECKSUM_MODE, checksumOfEtag, isEncryptedByKey, statedChecksum } from './object-checksum';
import type { S3Object } from './s3-listing';

/**
 * An object as a file of the model. Its checksum is known once the answers are there: the one that the store keeps, else the
 * ETag where that is an MD5.
 */
export function s3File(path: string, object: S3Object, request: HttpRequest, access: StoreAccess, words: StoreWords, session: FetchSession): SourceFile {
  let checksum = checksumOfEtag(object.etag);
  const asked: HttpRequest = { ...request, headers: { ...request.headers, ...(object.etag ? { 'if-match': object.etag } : {}), ...CHECKSUM_MODE } };
  const learn = (headers: IncomingHttpHeaders): void => void (checksum = statedChecksum(headers) ?? (isEncryptedByKey(headers) ? undefined : checksum));
  // Answers with a part of the object state no checksum of the whole, or that of a part.
  let head: Promise<unknown> | undefined;
  const askForChecksum = (): Promise<unknown> => (head ??= askHead(asked, access, session).then(({ headers }) => learn(headers), () => {
    // Whatever is wrong, fetching the object itself will say it; without an answer there is no more to compare than before.
    session.signal.throwIfAborted();
  }));
  return {
    path,
    size: object.size,
    version: object.etag || `${object.size}-${object.modified}`,
    // Servers over a plain file system may give no tag; then nothing would tell that two parts are of two versions.
    ranged: object.etag !== '',
    get checksum() {
      return checksum;
    },
    settled: async () => void (await head),
    async open(range, signal) {
      if (range === undefined) return openBody(asked, range, access, words, signal, learn);
      // Beside the part, which does not wait for it: with few connections, this may have to wait for the part.
      if (checksum === undefined) askForChecksum().catch(() => undefined);
      const known = head !== undefined;
      let isPlain = true;
      const body = await openBody(asked, range, access, words, signal, (headers) => void (isPlain = !isEncryptedByKey(headers)));
      if (isPlain || known) return body;
      body.destroy();
      await askForChecksum();
      return openBody(asked, range, access, words, signal);
    },
  };
}
