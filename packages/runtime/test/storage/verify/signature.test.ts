import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVerification } from '../../../src/storage/verify/verification';
import { tempFolder } from '../../support/temp-folder';
import { contentOf, failureOf, fetchInto } from '../support/fetch-into';
import { bundleSignedBy, signedFile, signedModel } from './signed-model';

const MODEL = { 'tokens/vocabulary.txt': 'a\nb\n', 'weights.txt': '0.25 0.5 0.75\n' };

/** Fetches a model that must be signed; what appears in the target, which is not there before. */
async function fetchSigned(model: string, signers: string, signature?: string): Promise<Record<string, string>> {
  const target = join(tempFolder(), 'target');
  try {
    await fetchInto(target, model, {}, { verification: await openVerification({ signers, signature }) });
    return contentOf(target);
  } catch (error) {
    expect(existsSync(target)).toBe(false);
    throw error;
  }
}

const fileOf = (name: string, text: string): string => join(tempFolder({ [name]: text }), name);
const publicPem = (key: { publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer } }): string => key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('a model signed by OpenSSF model-signing', () => {
  test.each([
    ['p256.sig', 'p256.pub'], ['p384.sig', 'p384.pub'], ['p521.sig', 'p521.pub'],
    ['shards.sig', 'p256.pub'], ['blake2b.sig', 'p256.pub'],
    ['certificate.sig', 'root.pem'], ['certificate.sig', 'middle.pem'], ['certificate.sig', 'signer.pem'],
  ])('%s is accepted from the signer in %s', async (signature, signers) => {
    expect(await fetchSigned(signedModel(), signedFile(signers), signedFile(signature))).toEqual(MODEL);
  });

  test('the signature may lie in the model, and stays there; what the signer left out does not', async () => {
    const signature = readFileSync(signedFile('p256.sig'), 'utf8');
    const model = signedModel({ 'model.sig': signature, '.gitattributes': '* text', '.github/owner': 'x' });
    expect(await fetchSigned(model, signedFile('p256.pub'))).toEqual({ ...MODEL, 'model.sig': signature });
  });

  test('a model of one file is known by its content, whatever its name', async () => {
    expect(await fetchSigned(signedFile('model/weights.txt'), signedFile('p256.pub'), signedFile('one-file.sig'))).toEqual({ 'weights.txt': MODEL['weights.txt'] });
  });

  test('any of several signers will do', async () => {
    const signers = fileOf('signers.pem', ['p521.pub', 'root.pem', 'p256.pub'].map((name) => readFileSync(signedFile(name), 'utf8')).join('\n'));
    for (const signature of ['p256.sig', 'certificate.sig']) expect(await fetchSigned(signedModel(), signers, signedFile(signature))).toEqual(MODEL);
  });

  test.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ] as const)('keys of kind %s are accepted too', async (_kind, generate) => {
    const pair = generate();
    const signature = fileOf('model.sig', bundleSignedBy(pair.privateKey));
    expect(await fetchSigned(signedModel(), fileOf('key.pub', publicPem(pair)), signature)).toEqual(MODEL);
  });

  test('a certificate of a trusted key needs no chain', async () => {
    const key = new X509Certificate(readFileSync(signedFile('signer.pem'))).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(await fetchSigned(signedModel(), fileOf('key.pub', key), signedFile('certificate.sig'))).toEqual(MODEL);
  });
});

describe('a signature that does not hold', () => {
  test.each([
    ['of another key', 'p384.pub', 'p256.sig', /p256\.sig: the signature is of none of the trusted keys/],
    ['of a certificate that nobody trusts', 'p256.pub', 'certificate.sig', /certificate CN=Models Signer, issued by CN=Models Team, leads to none that is trusted/],
    ['of a certificate that is not for signing', 'root.pem', 'not-for-signing.sig', /CN=Models Server is not for signing/],
    ['of an identity', 'root.pem', 'identity.sig', /signed with an identity, which cannot be checked without Sigstore/],
    ['with more authorities than the path length allows', 'root.pem', 'too-long.sig', /CN=Models Deep, issued by CN=Models Low, leads to none/],
    ['of a plain key where certificates are wanted', 'root.pem', 'p256.sig', /signed with a key, but only certificates are trusted/],
    ['with a digest that Node does not have', 'p256.pub', 'blake3.sig', /digest algorithm "blake3" is not known; known are sha256, blake2b/],
  ])('%s is refused', async (_what, signers, signature, line) => {
    const failure = await failureOf(fetchSigned(signedModel(), signedFile(signers), signedFile(signature)));
    expect(failure.code).toBe('ISVC_FETCH_SIGNATURE');
    expect(failure.line).toMatch(line);
  });

  test('a payload that was changed afterwards is refused', async () => {
    const bundle = JSON.parse(readFileSync(signedFile('p256.sig'), 'utf8')) as { dsseEnvelope: { payload: string } };
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8').replace('vocabulary', 'vocabularx');
    const changed = JSON.stringify({ ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload: Buffer.from(payload).toString('base64') } });
    expect((await failureOf(fetchSigned(signedModel(), signedFile('p256.pub'), fileOf('model.sig', changed)))).line).toMatch(/of none of the trusted keys/);
  });

  test.each([
    ['no JSON', '{', /is not JSON/],
    ['JSON of another kind', '{"mediaType": "text/plain"}', /must be a Sigstore bundle, its media type is "text\/plain"/],
    ['a bundle of no statement', '{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "messageSignature": {}}', /must hold an in-toto statement/],
    ['a bundle without signatures', '{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": {"payloadType": "application/vnd.in-toto+json", "signatures": []}}', /holds no signature/],
  ])('%s is refused', async (_what, text, line) => {
    const failure = await failureOf(fetchSigned(signedModel({ 'model.sig': text }), signedFile('p256.pub')));
    expect(failure).toEqual({ code: 'ISVC_FETCH_SIGNATURE', line: expect.stringMatching(line) as string });
  });

  test.each([
    ['of another predicate', (text: string) => text.replace('https://model_signing/signature/v1.0', 'https://slsa.dev/provenance/v1'), /is a "https:\/\/slsa\.dev\/provenance\/v1"/],
    ['whose root digest is not that of its files', (text: string) => text.replace(/("digest": ")[0-9a-f]{2}(?=[0-9a-f]{62}"\s*}?\s*,?[^]*"serialization")/, '$1ff'), /contradicts itself/],
    ['by a method that is not known', (text: string) => text.replace('"files"', '"bytes"'), /method "bytes" is not known; known are files, shards/],
  ])('a signed statement %s is refused', async (_what, change, line) => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const failure = await failureOf(fetchSigned(signedModel({ 'model.sig': bundleSignedBy(pair.privateKey, change) }), fileOf('key.pub', publicPem(pair))));
    expect(failure).toEqual({ code: 'ISVC_FETCH_SIGNATURE', line: expect.stringMatching(line) as string });
  });

  test('a model without a signature is refused', async () => {
    expect(await failureOf(fetchSigned(signedModel(), signedFile('p256.pub')))).toEqual({ code: 'ISVC_FETCH_SIGNATURE', line: expect.stringMatching(/\(model\.sig\): the model is not signed/) as string });
  });

  test.each([
    ['weights.txt', '0.25 0.5 0.76\n', /\(weights\.txt\): the sha256 digest is [0-9a-f]{64}, by the signature it must be [0-9a-f]{64}/],
    ['weights.txt', '0.25', /\(weights\.txt\): /],
    ['extra.txt', '', /extra\.txt is in the model, but not in the signature/],
  ])('a signed model whose %s is now %j is refused, by files and by shards', async (path, content, line) => {
    for (const signature of ['p256.sig', 'shards.sig']) {
      const failure = await failureOf(fetchSigned(signedModel({ [path]: content }), signedFile('p256.pub'), signedFile(signature)));
      expect(failure).toEqual({ code: 'ISVC_FETCH_UNVERIFIED', line: expect.stringMatching(line) as string });
    }
  });
});

describe('trusted signers', () => {
  const PRIVATE = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicOf = (pair: ReturnType<typeof generateKeyPairSync>): string => publicPem(pair as never);
  test.each([
    ['nothing', '', /holds no PEM block/],
    ['a private key', PRIVATE, /holds a private key/],
    ['a block of another kind', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n', /allowed are PUBLIC KEY, RSA PUBLIC KEY, CERTIFICATE/],
    ['a broken key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', /has a PUBLIC KEY that cannot be read/],
    ['a key that is cut off', '-----BEGIN PUBLIC KEY-----\nAAAA\n', /PEM block without an end/],
    ['a curve that is not known', publicOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }) as never), /a key of kind ec secp256k1 is not known/],
    ['a short RSA key', publicOf(generateKeyPairSync('rsa', { modulusLength: 1024 }) as never), /a key of kind rsa 1024 is not known/],
  ])('a file with %s is refused before anything is fetched', async (_what, pem, line) => {
    const failure = await failureOf(openVerification({ signers: fileOf('signers.pem', pem) }));
    expect(failure).toEqual({ code: 'ISVC_FETCH_CONFIG', line: expect.stringMatching(line) as string });
  });

  test('a signature without signers, or a file that is not there, is refused', async () => {
    expect((await failureOf(openVerification({ signature: 'model.sig' }))).line).toMatch(/--signature needs --signers/);
    expect((await failureOf(openVerification({ signers: '/nope/signers.pem' }))).line).toMatch(/^\/nope\/signers\.pem: cannot be read/);
  });
});
