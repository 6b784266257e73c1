import { IsvcError } from 'cdk8s-kserve/api';
import type { FetchSession } from '../session';
import { askText, type StoreAccess } from '../transport/ask';
import { HttpFailure } from '../transport/failure';
import type { BodyRequest } from '../transport/open-body';
import { elementsOf, textOf } from '../transport/xml';
import type { BlobAddress } from './blob-address';

/** A file of a share. */
export interface ShareFile {
  /** Below the share, with slashes. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

export interface PlacedFile {
  /** Below the folder that was asked for; the name alone where it was the file itself. */
  readonly path: string;
  readonly file: ShareFile;
}

interface Entries {
  readonly files: readonly ShareFile[];
  readonly folders: readonly string[];
}

/** A share of Azure Files. */
export class FileShare {
  private readonly address: BlobAddress;
  private readonly access: StoreAccess;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly session: FetchSession;

  constructor(address: BlobAddress, access: StoreAccess, headers: Readonly<Record<string, string>>, session: FetchSession) {
    this.address = address;
    this.access = access;
    this.headers = headers;
    this.session = session;
  }

  /**
   * All files of a folder and of the folders in it, or the file of that name.
   *
   * @throws HttpFailure for a refusal; 404 where there is neither.
   */
  async filesAt(path: string): Promise<readonly PlacedFile[]> {
    const top = path.replace(/\/+$/, '');
    if (top !== '') {
      // A file cannot be listed: its folder says what the name is.
      const parent = top.slice(0, Math.max(0, top.lastIndexOf('/')));
      const { files, folders } = await this.list(parent, top.slice(top.lastIndexOf('/') + 1));
      const file = files.find(({ name }) => name === top);
      if (file) return [{ path: top.slice(top.lastIndexOf('/') + 1), file }];
      if (!folders.includes(top)) throw new HttpFailure(404, {}, `<Message>there is neither a file nor a folder "${top}"</Message>`);
    }
    const found: PlacedFile[] = [];
    const folders = [top];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const entries = await this.list(folder, '');
      found.push(...entries.files.map((file) => ({ path: top === '' ? file.name : file.name.slice(top.length + 1), file })));
      folders.push(...entries.folders);
    }
    return found;
  }

  /** Asks for the content of a file, as it was when it was listed. */
  request({ name, etag }: ShareFile): BodyRequest {
    return { url: this.urlOf(name, {}), headers: this.headers, etag };
  }

  /** @param prefix of the names, as the store compares them. */
  private async list(folder: string, prefix: string): Promise<Entries> {
    const [files, folders] = [[] as ShareFile[], [] as string[]];
    let marker = '';
    do {
      const query = { restype: 'directory', comp: 'list', include: 'Timestamps,ETag', ...(prefix ? { prefix } : {}), ...(marker ? { marker } : {}) };
      const request = { url: this.urlOf(folder, query), headers: { ...this.headers, 'x-ms-file-extended-info': 'true' } };
      const { text } = await askText(request, this.access, this.session);
      const below = (xml: string): string => (folder === '' ? nameOf(xml) : `${folder}/${nameOf(xml)}`);
      files.push(...elementsOf(text, 'File').map((xml) => ({ name: below(xml), size: Number(textOf(xml, 'Content-Length')), etag: textOf(xml, 'Etag') ?? '' })));
      folders.push(...elementsOf(text, 'Directory').map(below));
      marker = textOf(text, 'NextMarker') ?? '';
    } while (marker);
    return { files, folders };
  }

  private urlOf(name: string, query: Readonly<Record<string, string>>): URL {
    const { base, container, sas } = this.address;
    const url = new URL(`${base}/${[container, ...name.split('/').filter(Boolean)].map(encodeURIComponent).join('/')}`);
    url.search = new URLSearchParams([...sas, ...Object.entries(query)]).toString();
    return url;
  }
}

/** Names that XML cannot hold come with escapes of addresses. @throws IsvcError ISVC_FETCH_UNSAFE for a name that leads elsewhere: as a folder it could go on for ever. */
function nameOf(xml: string): string {
  const name = textOf(xml, 'Name') ?? '';
  const plain = /<Name\s[^>]*Encoded="true"/i.test(xml) ? decodeURIComponent(name) : name;
  if (!['', '.', '..'].includes(plain) && !/[/\\]/.test(plain)) return plain;
  throw new IsvcError('ISVC_FETCH_UNSAFE', `the share lists the name "${plain}", which leads elsewhere`, { hint: 'check what answers for the share' });
}
