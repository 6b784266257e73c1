/** Archives that are unpacked, and those that Python's initializer unpacks and we cannot. */
export type ArchiveKind = 'tar' | 'tar.gz' | 'tar.zst' | 'zip' | 'unsupported';

const ENDINGS: readonly (readonly [string, ArchiveKind])[] = [
  ['.tar', 'tar'], ['.tar.gz', 'tar.gz'], ['.tgz', 'tar.gz'], ['.tar.zst', 'tar.zst'], ['.tzst', 'tar.zst'], ['.zip', 'zip'],
  ['.tar.bz2', 'unsupported'], ['.tbz2', 'unsupported'], ['.tar.xz', 'unsupported'], ['.txz', 'unsupported'],
];

/** What a file is by its name; `undefined` for what stays as it is, such as `.mar` and a bare `.gz`. */
export function archiveKindOf(name: string): ArchiveKind | undefined {
  const lower = name.toLowerCase();
  return ENDINGS.find(([ending]) => lower.endsWith(ending))?.[1];
}

/** The ending that an archive needs for its content type, for addresses that do not show what they lead to. */
export function endingOfContentType(type: string): string | undefined {
  switch (type.split(';')[0]?.trim().toLowerCase()) {
    case 'application/zip':
    case 'application/x-zip-compressed':
    case 'application/zip-compressed': return '.zip';
    case 'application/x-tar':
    case 'application/x-gtar': return '.tar';
    case 'application/x-gtar-compressed':
    case 'application/x-compressed-tar': return '.tar.gz';
    default: return undefined;
  }
}
