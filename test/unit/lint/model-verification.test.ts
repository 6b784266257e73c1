import { lintText } from './support';

function service(annotations: string, predictor = 'model: { modelFormat: { name: sklearn }, storageUri: "s3://models/iris" }'): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: models
  annotations: { serving.kserve.io/deploymentMode: RawDeployment, ${annotations} }
spec: { predictor: { ${predictor} } }
---
`;
}

const configMap = (name: string, key: string, text: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: models }\ndata: { ${key}: ${JSON.stringify(text)} }\n---\n`;
const CONFIG = (image: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: inferenceservice-config, namespace: kserve }\ndata: { storageInitializer: '{"image": "${image}"}' }\n---\n`;
const SUMS = configMap('sums', 'SHA256SUMS', `${'0'.repeat(64)}  model.joblib`);
const KEY = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n';
const OWN = 'serving.cdk8s-kserve.io';

const found = (text: string): readonly string[] => lintText(text).map((f) => `${f.severity} ${f.path}: ${f.message} [${f.code}]`);

describe('lint of model verification', () => {
  it.each([
    ['digests', service(`${OWN}/model-digests: sums`) + SUMS],
    ['signers and a signature of a ConfigMap', service(`${OWN}/model-signers: team/a.pem, ${OWN}/model-signature: "configmap://team/model.sig"`)
      + `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: team, namespace: models }\ndata: { a.pem: ${JSON.stringify(KEY)}, model.sig: '{"dsseEnvelope": {}}' }\n---\n`],
  ])('%s that can be used are no finding', (_what, text) => expect(found(text)).toEqual([]));

  it.each<[string, string, RegExp]>([
    ['a misspelt annotation', service(`${OWN}/model-digest: sums`), /^error metadata\.annotations\["serving\.cdk8s-kserve\.io\/model-digest"\]: nothing reads annotation .* \[ISVC_LINT_UNKNOWN_ANNOTATION\]/],
    ['a ConfigMap that is not there', service(`${OWN}/model-digests: sum`) + SUMS, /^error metadata\.annotations\[.*\]: config map "sum" is not in namespace models here \[ISVC_LINT_CONFIGMAP_MISSING\]/],
    ['a key that is not in it', service(`${OWN}/model-digests: sums/iris.txt`) + SUMS, /config map "sums" has no key "iris\.txt"; it has SHA256SUMS \[ISVC_LINT_CONFIGMAP_MISSING\]/],
    ['digests of another algorithm', service(`${OWN}/model-digests: sums`) + configMap('sums', 'SHA256SUMS', `${'0'.repeat(128)}  model.joblib`), /"SHA256SUMS" of config map "sums": line 1: a SHA-256 digest has 64 digits, this one has 128/],
    ['a private key among the signers', service(`${OWN}/model-signers: team`) + configMap('team', 'signers.pem', '-----BEGIN EC PRIVATE KEY-----\n'), /"signers\.pem" of config map "team": holds a private key/],
    ['a signature that is none', service(`${OWN}/model-signers: team, ${OWN}/model-signature: "configmap://sig"`) + configMap('team', 'signers.pem', KEY) + configMap('sig', 'model.sig', 'MEUC'), /"model\.sig" of config map "sig": is not JSON, so no Sigstore bundle/],
    ['nothing to verify', service(`${OWN}/model-digests: sums`, 'containers: [{ name: kserve-container, image: "registry.example/server:1" }]') + SUMS, /nothing is verified: no component fetches a model/],
    ['a fetcher that verifies nothing', service(`${OWN}/model-digests: sums`) + SUMS + CONFIG('kserve/storage-initializer:v0.15.0'), /the fetcher "kserve\/storage-initializer:v0\.15\.0" verifies nothing/],
    ['a value that is no name', service(`${OWN}/model-digests: "Sums/a/b"`), /must read CONFIGMAP or CONFIGMAP\/KEY, got "Sums\/a\/b" \[ISVC_API_INVALID_VALUE\]/],
  ])('%s is found once', (_what, text, line) => {
    const lines = found(text).filter((l) => l.startsWith('error'));
    expect(lines).toEqual([expect.stringMatching(line)]);
  });
});
