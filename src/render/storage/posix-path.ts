/** Folder of a path, as a container sees it. `node:path` is not used: render also runs where there is no Node. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
