import { knownExtensions, sharedExtensions } from '../formats/registry';

/** The file that makes a folder an MLflow model. */
export const MLMODEL = 'MLmodel';

/** Whether a folder, as a whole, is one model. */
export function isModelFolder(files: readonly string[]): boolean {
  return files.includes(MLMODEL);
}

/** @param extensions `own` without those that other files often have. */
export function isModelFile(file: string, extensions: 'own' | 'any'): boolean {
  const known = extensions === 'own' ? knownExtensions() : [...knownExtensions(), ...sharedExtensions()];
  return known.some((extension) => file.endsWith(extension));
}
