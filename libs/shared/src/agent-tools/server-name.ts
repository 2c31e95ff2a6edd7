/** What agents know our server by; the names of its tools begin with it. */
export const SERVER_NAME = 'coffee-roadmap';
