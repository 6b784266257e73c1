const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const PUBLIC = ['PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE'];

/**
 * What makes a PEM text useless as a list of trusted signers, as far as it can be seen without reading keys.
 *
 * @returns one sentence, or undefined for a text of public keys and certificates.
 */
export function modelSignersProblem(text: string): string | undefined {
  const labels = [...text.matchAll(BEGIN)].map(([, label = '']) => label);
  if (labels.some((label) => label.endsWith('PRIVATE KEY'))) return 'holds a private key; whoever reads it can sign models, so make a new one and give only its public half';
  const other = labels.find((label) => !PUBLIC.includes(label));
  if (other !== undefined) return `holds "${other}"; allowed are ${PUBLIC.join(', ')}`;
  return labels.length === 0 ? 'holds no PEM block; write the public keys or certificates of the signers as PEM' : undefined;
}
