import { type WireField, corruptWire, messageFields, signedListOf, textOf } from '../protobuf/wire';
import type { ExternalTensor, OnnxOperator, OnnxValue, ZipMap } from './graph';
import { readTensorHead } from './read-tensor';
import { readValueInfo } from './read-value-info';

/** Bodies of loops and branches may hold further ones; real models go three deep. */
const MAX_NESTING = 32;

/** Collects from a graph, and from every graph inside it, what has to be known and checked before it is run. */
export class GraphWalk {
  name = '';
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  readonly initializers = new Set<string>();
  readonly operators = new Map<string, OnnxOperator>();
  readonly functionDomains = new Set<string>();
  readonly external: ExternalTensor[] = [];
  readonly zipMaps: ZipMap[] = [];
  private readonly bytes: Buffer;
  private readonly file: string;

  constructor(bytes: Buffer, file: string) {
    this.bytes = bytes;
    this.file = file;
  }

  mainGraph(field: WireField): void {
    const { bytes, file } = this;
    for (const part of messageFields(bytes, field, file)) {
      if (part.number === 2) this.name = textOf(bytes, part, file);
      else if (part.number === 11) this.inputs.push(readValueInfo(bytes, part, file));
      else if (part.number === 12) this.outputs.push(readValueInfo(bytes, part, file));
    }
    this.graph(field, 0);
  }

  /** A FunctionProto: nodes under a name of the file's own. */
  functionBody(field: WireField): void {
    for (const part of messageFields(this.bytes, field, this.file)) {
      if (part.number === 7) this.node(part, 1);
      if (part.number === 10) this.functionDomains.add(textOf(this.bytes, part, this.file));
    }
  }

  private graph(field: WireField, depth: number): void {
    if (depth > MAX_NESTING) throw corruptWire(this.file, field.at, `graphs are nested deeper than ${MAX_NESTING}`);
    for (const part of messageFields(this.bytes, field, this.file)) {
      if (part.number === 1) this.node(part, depth);
      else if (part.number === 5) this.initializers.add(this.tensor(part));
      else if (part.number === 15) this.sparseTensor(part);
    }
  }

  private node(field: WireField, depth: number): void {
    const { bytes, file } = this;
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes: WireField[] = [];
    let operator = '';
    let domain = '';
    for (const part of messageFields(bytes, field, file)) {
      if (part.number === 1) inputs.push(textOf(bytes, part, file));
      else if (part.number === 2) outputs.push(textOf(bytes, part, file));
      else if (part.number === 4) operator = textOf(bytes, part, file);
      else if (part.number === 7) domain = textOf(bytes, part, file);
      else if (part.number === 5) attributes.push(part);
    }
    if (domain === 'ai.onnx') domain = '';
    const key = `${domain} ${operator}`;
    this.operators.set(key, { domain, name: operator, nodes: (this.operators.get(key)?.nodes ?? 0) + 1 });
    const classes: (string | number)[] = [];
    for (const attribute of attributes) this.attribute(attribute, depth, classes);
    const [input, output] = [inputs[0], outputs[0]];
    if (depth === 0 && key === 'ai.onnx.ml ZipMap' && input !== undefined && output !== undefined) {
      this.zipMaps.push({ at: field.at, end: field.end, input, output, classes });
    }
  }

  /** @param labels takes the values of a ZipMap's attributes, which are its only lists. */
  private attribute(field: WireField, depth: number, labels: (string | number)[]): void {
    const { bytes, file } = this;
    let name = '';
    for (const part of messageFields(bytes, field, file)) {
      if (part.number === 1) name = textOf(bytes, part, file);
      else if (part.number === 5 || part.number === 10) this.tensor(part);
      else if (part.number === 6 || part.number === 11) this.graph(part, depth + 1);
      else if (part.number === 22 || part.number === 23) this.sparseTensor(part);
      else if (part.number === 9 && name === 'classlabels_strings') labels.push(textOf(bytes, part, file));
      else if (part.number === 8 && name === 'classlabels_int64s') labels.push(...signedListOf(bytes, part, file).map(Number));
    }
  }

  private tensor(field: WireField): string {
    const { name, external } = readTensorHead(this.bytes, field, this.file);
    if (external) this.external.push(external);
    return name;
  }

  private sparseTensor(field: WireField): void {
    for (const part of messageFields(this.bytes, field, this.file)) {
      if (part.number !== 1 && part.number !== 2) continue;
      const name = this.tensor(part);
      if (part.number === 1) this.initializers.add(name);
    }
  }
}
