import { IsvcError } from 'cdk8s-kserve/api';
import { archiveKindOf, endingOfContentType } from '../archive/archive-kind';

/**
 * The name that a downloaded file gets: the last part of its address. Where that does not show that it is an archive but the
 * query or the content type does, the ending is added, so that it is unpacked.
 *
 * @throws IsvcError ISVC_FETCH_NOT_FOUND where the address ends in a slash.
 */
export function fileNameOf(url: URL, contentType: string): string {
  const last = url.pathname.split('/').at(-1) ?? '';
  const name = decode(last);
  if (name === '') throw new IsvcError('ISVC_FETCH_NOT_FOUND', 'the address ends without a file name', { hint: 'add the name of the file' });
  if (archiveKindOf(name)) return name;
  const byQuery = [...url.searchParams.values()].find((value) => archiveKindOf(value));
  const ending = byQuery === undefined ? endingOfContentType(contentType) : /(\.tar)?\.[a-z0-9]+$/i.exec(byQuery)?.[0];
  return name + (ending ?? '');
}

function decode(part: string): string {
  try {
    const decoded = decodeURIComponent(part);
    return decoded.includes('/') ? part : decoded;
  } catch {
    return part;
  }
}
