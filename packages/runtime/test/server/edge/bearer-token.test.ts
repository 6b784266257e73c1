import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../../../src/process/log';
import { openBearerTokens } from '../../../src/server/edge/bearer-token';
import { ask, talk } from '../../support/http';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { serve } from '../../support/served';
import { tempFolder } from '../../support/temp-folder';
import { until } from '../../../../../test/support/until';

const BODY = '{"instances":[[1,2,3,4]]}';
const fileOf = (content: string): string => join(tempFolder({ token: content }), 'token');
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

test('requests need a token, probes do not', async () => {
  const { port } = await serve({ bearerTokenFile: fileOf('first\n\nsecond\n') });
  const predict = (headers: Record<string, string>): Promise<number> => ask(port, '/v1/models/sk:predict', { body: BODY, headers }).then((answer) => answer.status);
  expect(await Promise.all([predict(bearer('first')), predict(bearer('second')), predict({ authorization: 'bearer first' })])).toEqual([200, 200, 200]);
  expect(await Promise.all([predict({}), predict(bearer('firs')), predict(bearer('first2')), predict({ authorization: 'Basic first' }), predict(bearer(''))])).toEqual([401, 401, 401, 401, 401]);
  const paths = ['/', '/v2/health/live', '/v2/health/ready?x=1', '/metrics', '/v2/models', '/nowhere'];
  expect(await Promise.all(paths.map(async (path) => (await ask(port, path)).status))).toEqual([200, 200, 200, 401, 401, 401]);
});

test('the refusal says what is missing and does not wait for the body', async () => {
  const { port } = await serve({ bearerTokenFile: fileOf('t') });
  const answer = await talk(port, 'POST /v1/models/sk:predict HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n{');
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(answer.toLowerCase()).toContain('www-authenticate: bearer');
  expect(answer).toContain('needs a valid bearer token');
});

test('a changed file counts without a restart, an emptied one is not taken', async () => {
  const file = fileOf('old');
  const tokens = openBearerTokens(file, silentLog, 5);
  try {
    writeFileSync(file, 'new-token\n');
    await until('the new token: known', () => tokens.accepts('Bearer new-token'));
    expect(tokens.accepts('Bearer old')).toBe(false);
    writeFileSync(file, '');
    writeFileSync(file, 'newer');
    await until('the newer token: known', () => tokens.accepts('Bearer newer'));
  } finally {
    tokens.close();
  }
});

test.each([['', /is empty/], ['\n \n', /holds no token/]])('a file of %j is refused at the start', (content, message) => {
  const error = isvcErrorOf(() => openBearerTokens(fileOf(content), silentLog));
  expect([error.code, error.message]).toEqual(['ISVC_SERVER_OPTION', expect.stringMatching(message)]);
});
