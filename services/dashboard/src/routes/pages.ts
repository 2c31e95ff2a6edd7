import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import express, { Router } from 'express';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Addresses that the page's own script knows; all are the same document. */
const PAGES = [
  '/',
  '/sign-in',
  '/roadmap',
  '/items/:id',
  '/traces',
  '/traces/:project/:id',
  '/analytics',
  '/time',
  '/phrases',
  '/billing',
  '/sessions',
];

export function pageRoutes(): Router {
  const folder = pagesFolder();
  const routes = Router();
  const page = path.join(folder, 'index.html');
  routes.get(PAGES, (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(page);
  });
  routes.use(
    '/assets',
    express.static(folder, { index: false, cacheControl: false, setHeaders: askAgain }),
  );
  if (!existsSync(path.join(folder, 'vendor'))) {
    const packages = path.join(projectRoot(), 'node_modules');
    routes.get('/assets/vendor/chart.js', (_request, response) => {
      response.sendFile(path.join(packages, 'chart.js', 'dist', 'chart.umd.min.js'));
    });
  }
  // Somebody who mistyped an address sees a page that says so, and not what programs are told.
  routes.get(/^\/(?!api\/|assets\/)/, (request, response, next) => {
    if (request.accepts(['json', 'html']) !== 'html') return next();
    response.status(404).set('Cache-Control', 'no-cache').sendFile(page);
  });
  return routes;
}

/** They carry no version in their names: the browser keeps them and asks whether they changed. */
function askAgain(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}

/** Beside the bundle, where scripts/build.mjs puts them; in the sources else. */
function pagesFolder(): string {
  const built = path.join(__dirname, 'dashboard-pages');
  return existsSync(built) ? built : path.join(projectRoot(), 'services', 'dashboard', 'public');
}
