import { chooseAgentUser } from './agent-user';

test('takes the user coffee-agent where there is one', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\ncoffee-agent:x:977:978::/:/usr/sbin/nologin\n';
  expect(chooseAgentUser(passwd)).toEqual({ uid: 977, gid: 978 });
});

test('takes a spare number otherwise, and never root', () => {
  const spare = { uid: 60873, gid: 60873 };
  expect(chooseAgentUser('root:x:0:0::/root:/bin/sh\n')).toEqual(spare);
  expect(chooseAgentUser('coffee-agent:x:0:0::/:/bin/sh\n')).toEqual(spare);
  expect(chooseAgentUser('coffee-agent:x:977:0::/:/bin/sh\n')).toEqual(spare);
});
