/** Paths inside a container and the folders of this machine that stand for them, for one container. */
export type PathMap = ReadonlyMap<string, string>;

/**
 * Replaces every mount path in a word by its folder on this machine: `/mnt/models`, `--model_dir=/mnt/models/a`,
 * `/a:/mnt/models`. Only whole path segments count, so `/mnt/models2` stays.
 */
export function rewritePaths(word: string, paths: PathMap): string {
  let result = word;
  // The deepest path first: /mnt/models/a must not be taken for a file under /mnt/models.
  const mounts = [...paths.keys()].sort((a, b) => b.length - a.length);
  for (const mount of mounts) result = replaceSegments(result, mount, paths.get(mount) ?? mount);
  return result;
}

function replaceSegments(word: string, mount: string, folder: string): string {
  let result = '';
  let from = 0;
  for (let at = word.indexOf(mount); at >= 0; at = word.indexOf(mount, at + 1)) {
    if (at < from || !startsHere(word[at - 1]) || !endsHere(word[at + mount.length])) continue;
    result += word.slice(from, at) + folder;
    from = at + mount.length;
  }
  return result + word.slice(from);
}

/** A slash before the match means that it is the middle of a longer path or of an address. */
function startsHere(before: string | undefined): boolean {
  return before === undefined || /[=:,;\s"']/.test(before);
}

function endsHere(after: string | undefined): boolean {
  return after === undefined || /[/=:,;\s"']/.test(after);
}
