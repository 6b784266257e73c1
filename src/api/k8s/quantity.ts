import type { Quantity } from './pod';

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;
const DECIMAL: Readonly<Record<string, number>> = { m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** The amount of a Kubernetes quantity in its base unit (cores, bytes, pieces); undefined when it is none. */
export function parseQuantity(quantity: Quantity): number | undefined {
  const [, digits, suffix = ''] = QUANTITY.exec(String(quantity)) ?? [];
  if (digits === undefined) return undefined;
  const binary = BINARY.indexOf(suffix);
  const factor = suffix === '' ? 1 : binary !== -1 ? 1024 ** (binary + 1) : (DECIMAL[suffix] ?? Number(`1${suffix}`));
  return Number(digits) * factor;
}
