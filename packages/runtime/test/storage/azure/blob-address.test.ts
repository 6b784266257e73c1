import { azureServiceOf, parseBlobUri } from '../../../src/storage/azure/blob-address';
import { FAKE_STORES } from '../support/fake-stores';
import { failureOf, fetched } from '../support/fetch-into';

test.each([
  ['https://acct.blob.core.windows.net/models/iris', 'blob', 'https://acct.blob.core.windows.net'],
  ['azure://acct/models/iris', 'blob', 'https://acct.blob.core.windows.net'],
  ['AZURE://acct/models/iris', 'blob', 'https://acct.blob.core.windows.net'],
  ['azure://acct.blob.core.windows.net/models/iris', 'blob', 'https://acct.blob.core.windows.net'],
  ['azure://acct.z12.blob.storage.azure.net/models/iris', 'blob', 'https://acct.z12.blob.storage.azure.net'],
  ['azure://acct.file.core.windows.net/models/iris', 'file', 'https://acct.file.core.windows.net'],
])('%s is %s storage', (uri, service, base) => {
  expect(azureServiceOf(uri)).toBe(service);
  expect(parseBlobUri(uri, undefined)).toMatchObject({ account: 'acct', container: 'models', prefix: 'iris', base });
});

test.each(['https://acct.example.com/models/iris', 'http://acct.blob.core.windows.net/models', 's3://acct/models', 'https://acct.blob.core.windows.net.example.com/models'])('%s is not Azure\'s', (uri) => {
  expect(azureServiceOf(uri)).toBeUndefined();
});

test.each([
  ['azure://acct', /names no container or share/],
  ['azure://', /not one of Azure storage/],
  ['azure://models@acct/iris', /^azure:\/\/\*\*\*@acct\/iris: the account stands first, the container after it/],
  ['azure://acct.example.com/models/iris', /"acct\.example\.com" is no storage account: .*azure:\/\/ACCOUNT\/CONTAINER\/PATH/],
  ['azure://169.254.169.254/models/iris', /"169\.254\.169\.254" is no storage account/],
])('%s says how to write it', async (uri, line) => {
  expect(await failureOf(fetched(uri))).toEqual({ code: 'ISVC_FETCH_NOT_FOUND', line: expect.stringMatching(line) as string });
});

test('a model arrives by the short spelling', async () => {
  const origin = await FAKE_STORES.azure.serve({ 'model.joblib': Buffer.from('model') });
  expect(await fetched('azure://acct/models/iris', FAKE_STORES.azure.address(origin).env)).toEqual({ 'model.joblib': 'model' });
});
