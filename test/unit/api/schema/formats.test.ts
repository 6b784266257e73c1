import { matchesFormat } from '../../../../src/api/schema/formats';

test.each<[string, readonly (string | number)[], readonly (string | number)[]]>([
  ['date-time', ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.123+02:00'], ['2026-01-31', '2026-13-01T00:00:00Z', '2026-01-31T24:00:00Z', 'now']],
  ['date', ['2024-02-29'], ['2026-02-29', '26-01-01']],
  ['duration', ['1h30m', '1.5s', '0', '3 days'], ['', 'fast', '1x']],
  ['byte', ['', 'aGk='], ['a', 'aGk', 'a*b=']],
  ['uri', ['http://a/b', 's3://bucket/key', '/path'], ['not a uri', 'nothing']],
  ['hostname', ['a.example.com', 'A-1'], ['-a', 'a..b', 'a_b']],
  ['email', ['a@b.c'], ['a', 'a b@c']],
  ['ipv4', ['127.0.0.1'], ['256.0.0.1', '01.0.0.1', '1.2.3']],
  ['ipv6', ['::1', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'], ['1:2', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7:8:9']],
  ['cidr', ['10.0.0.0/8', 'fd00::/8'], ['10.0.0.0', '10.0.0.0/33', 'x/8', '1.2.3.4/5/6']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123']],
  ['int32', [0, 2147483647, -2147483648], [2147483648, 1.5]],
  ['int64', [2147483648], [1e300, 0.5]],
  ['something-unknown', ['anything', 1.5], []],
])('%s accepts %j and refuses %j', (format, good, bad) => {
  for (const value of good) expect([value, matchesFormat(format, value)]).toEqual([value, true]);
  for (const value of bad) expect([value, matchesFormat(format, value)]).toEqual([value, false]);
});
