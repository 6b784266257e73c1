import type { X509Certificate } from 'node:crypto';
import { childrenOf, extensionsOf, type CertificateExtensions } from './certificate-extensions';

const KEY_USAGE = '551d0f';
const BASIC_CONSTRAINTS = '551d13';
const EXTENDED_KEY_USAGE = '551d25';
/** Critical extensions whose meaning is checked here or by OpenSSL's own comparison of issuers, or that restrict nothing. */
const UNDERSTOOD = new Set([KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, '551d0e', '551d11', '551d23']);
/** Extensions of Sigstore's Fulcio, which issues certificates to anybody. */
const IDENTITY = /^2b0601040183bf30/;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const INTEGER = 0x02;
/** Far more than anybody has. */
const LONGEST = 8;

/**
 * Whether a chain leads from a signing certificate to one that is trusted. As with OpenSSF model signing, all of it must
 * have been valid when the signing certificate became so: without a timestamp nobody knows when the model was signed,
 * and a model must not stop being servable on the day a certificate expires.
 *
 * @returns what is wrong, or undefined.
 */
export function chainProblem(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): string | undefined {
  const [signer, ...others] = chain;
  if (!signer) return 'has no certificate';
  if (!maySign(signer)) return `certificate ${nameOf(signer)} is not for signing: it has neither key usage digitalSignature nor extended key usage codeSigning`;
  // Who trusts the issuer of such a certificate trusts everybody who has an account somewhere.
  if ([...extensionsOf(signer).keys()].some((id) => IDENTITY.test(id))) return 'is signed with an identity, which cannot be checked without Sigstore; sign with a key or a certificate';
  const at = Date.parse(signer.validFrom);
  const leads = (certificate: X509Certificate, below: number, left: readonly X509Certificate[]): boolean => {
    if (!isUsable(certificate, at)) return false;
    if (anchors.some(({ raw }) => raw.equals(certificate.raw))) return true;
    if (below >= LONGEST) return false;
    if (anchors.some((anchor) => isUsable(anchor, at) && hasIssued(anchor, certificate, below))) return true;
    return left.some((next) => hasIssued(next, certificate, below) && leads(next, below + 1, left.filter((other) => other !== next)));
  };
  return leads(signer, 0, others) ? undefined : `certificate ${nameOf(signer)}, issued by ${oneLine(signer.issuer)}, leads to none that is trusted`;
}

/** @param below how many certificate authorities stand between the issuer and the signer. */
function hasIssued(issuer: X509Certificate, certificate: X509Certificate, below: number): boolean {
  return issuer.ca && longestBelow(extensionsOf(issuer)) >= below && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isUsable(certificate: X509Certificate, at: number): boolean {
  const valid = Date.parse(certificate.validFrom) <= at && at <= Date.parse(certificate.validTo);
  return valid && [...extensionsOf(certificate)].every(([id, { critical }]) => !critical || UNDERSTOOD.has(id));
}

function maySign(certificate: X509Certificate): boolean {
  const usage = extensionsOf(certificate).get(KEY_USAGE);
  // The first bit of the bit string, after the count of unused bits.
  const digitalSignature = usage !== undefined && ((childrenOf(usage.value)[0]?.content[1] ?? 0) & 0x80) !== 0;
  return digitalSignature || (certificate.keyUsage ?? []).includes(CODE_SIGNING);
}

function longestBelow(extensions: CertificateExtensions): number {
  const constraints = extensions.get(BASIC_CONSTRAINTS);
  const length = constraints && childrenOf(childrenOf(constraints.value)[0]?.content ?? Buffer.alloc(0)).find(({ tag }) => tag === INTEGER);
  return length ? length.content.readUIntBE(0, length.content.length) : Infinity;
}

function nameOf({ subject, serialNumber }: X509Certificate): string {
  return subject ? oneLine(subject) : serialNumber;
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}
