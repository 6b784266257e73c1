import type { HostileSource } from './artifact';
import { damagedFiles } from './sources/damaged-files';
import { documents } from './sources/documents';
import { mlflowFolders } from './sources/mlflow-folders';
import { onnxGraphs } from './sources/onnx-graphs';
import { pickleAttacks } from './sources/pickle-attacks';
import { picklePrograms } from './sources/pickle-programs';
import { pickleStructures } from './sources/pickle-structures';
import { pmmlDocuments } from './sources/pmml-documents';

/** Every kind of hostile artifacts; a new format adds its own here, and its line to the table of docs/reference/model-formats.md. */
export const HOSTILE_SOURCES: readonly HostileSource[] = [pickleAttacks, picklePrograms, pickleStructures, ...damagedFiles, ...documents, ...onnxGraphs, ...pmmlDocuments, mlflowFolders];
