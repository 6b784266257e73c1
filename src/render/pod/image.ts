/**
 * Replaces an image's tag by the version that a model asks for. A digest is what its author pinned and stays.
 * The tag is looked for after the last slash, since a registry's port also follows a colon.
 */
export function withVersion(image: string, version: string): string {
  if (image.includes('@')) return image;
  const slash = image.lastIndexOf('/');
  const colon = image.indexOf(':', slash + 1);
  return `${colon === -1 ? image : image.slice(0, colon)}:${version}`;
}
