import { didYouMean } from '../api';
import { misuse } from './check';

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
const CLAIM = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const ACCOUNT = /^[a-z0-9]{3,24}$/;
const FOLDER_FORMATS = ['s3', 'gs', 'pvc', 'hf', 'oci', 'http', 'https', 'file', 'hdfs', 'webhdfs', 'azure'];

/** Where a model lies. Each factory checks what can be checked without looking; what comes out is KServe's address. */
export class Storage {
  /** @param path `bucket/folder` or `bucket/file`. */
  static s3(path: string): Storage {
    return new Storage(`s3://${bucketPath('Storage.s3', 's3', path)}`);
  }

  /** @param path `bucket/folder` or `bucket/file` of Google Cloud Storage. */
  static gcs(path: string): Storage {
    return new Storage(`gs://${bucketPath('Storage.gcs', 'gs', path)}`);
  }

  /** A folder or blob of Azure Blob Storage. */
  static azure(blob: { readonly account: string; readonly container: string; readonly path?: string }): Storage {
    if (!ACCOUNT.test(blob.account)) throw misuse('Storage.azure', `account must be 3 to 24 lower case letters and digits, got "${blob.account}"`, 'give the name of the storage account, without its host');
    const path = blob.path ? `/${trimmed(blob.path)}` : '';
    return new Storage(`https://${blob.account}.blob.core.windows.net/${trimmed(blob.container)}${path}`);
  }

  /** An archive or a file behind a web server. */
  static http(url: string): Storage {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (!parsed || !/^https?:$/.test(parsed.protocol)) throw misuse('Storage.http', `must be an http or https address, got "${url}"`, 'write e.g. https://models.example.com/iris.tar.gz');
    if (parsed.username !== '' || parsed.password !== '') throw misuse('Storage.http', 'the address holds a password, which would stand in clear in every manifest', 'keep it in a secret and pass Credentials.fromSecret');
    return new Storage(url);
  }

  /** A model of the Hugging Face hub. */
  static hf(model: string, options: { /** @default - the hub's default branch */ readonly revision?: string } = {}): Storage {
    if (!/^[\w.-]+\/[\w.-]+$/.test(model)) throw misuse('Storage.hf', `must read owner/model, got "${model}"`, 'write e.g. Qwen/Qwen2.5-7B-Instruct');
    return new Storage(`hf://${model}${options.revision ? `:${options.revision}` : ''}`);
  }

  /** A model image of a registry. */
  static oci(image: string): Storage {
    if (/^[a-z]+:\/\//.test(image)) throw misuse('Storage.oci', `must be an image name without a scheme, got "${image}"`, `write ${image.replace(/^[a-z]+:\/\//, '')}`);
    if (!/[:@][\w][\w.:-]*$/.test(image.slice(image.lastIndexOf('/') + 1))) throw misuse('Storage.oci', `"${image}" has neither tag nor digest, so what it holds may change`, 'add e.g. :v3');
    return new Storage(`oci://${image}`);
  }

  /** A folder of a PersistentVolumeClaim in the service's namespace. It is mounted, not copied. */
  static pvc(claim: string, path = ''): Storage {
    if (!CLAIM.test(claim)) throw misuse('Storage.pvc', `claim must be the name of a PersistentVolumeClaim, got "${claim}"`, 'pass the folder as the second argument');
    return new Storage(`pvc://${claim}${path ? `/${trimmed(path)}` : ''}`);
  }

  /** A folder of the pod itself, for images and volumes that bring the model along. */
  static file(path: string): Storage {
    if (!path.startsWith('/')) throw misuse('Storage.file', `must be an absolute path, got "${path}"`, `write /${path}`);
    return new Storage(`file://${path}`);
  }

  /** The address as it stands in the manifest. */
  readonly uri: string;

  private constructor(uri: string) {
    this.uri = uri;
  }

  toString(): string {
    return this.uri;
  }
}

/** The address of what a property was given; a text is taken as it is, since clusters may know further schemes. */
export function storageUri(storage: string | Storage, path: string): string {
  if (storage instanceof Storage) return storage.uri;
  if (/^[a-z0-9+.-]+:\/\/[^/]*:[^/]*@/i.test(storage)) throw misuse(path, 'the storage address holds a password, which would stand in clear in every manifest', 'keep it in a secret and pass Credentials.fromSecret');
  const scheme = /^([a-z][a-z0-9+.-]*):\/(?!\/)/i.exec(storage)?.[1];
  if (scheme !== undefined) throw misuse(path, `storage address "${storage}" has one slash after its scheme`, didYouMean(scheme, FOLDER_FORMATS) ?? `write ${scheme}://...`);
  return storage;
}

function bucketPath(factory: string, scheme: string, path: string): string {
  if (path.includes('://')) throw misuse(factory, `must read bucket/path, got "${path}"`, `leave the scheme out, or pass the text "${path}" itself`);
  const [bucket = '', ...rest] = trimmed(path).split('/');
  if (!BUCKET.test(bucket)) throw misuse(factory, `"${bucket}" is no name of a bucket`, `write e.g. models/iris for ${scheme}://models/iris`);
  return [bucket, ...rest].join('/');
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
