// Opens a page as people do, and tells as JSON what there is to see: open-page.mjs PAGE WORD [DIRECTORY]
// WORD is looked for with the page's filter; pictures go to DIRECTORY.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [file, word, directory] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const problems = [];

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

const opened = async (options) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      problems.push('console: ' + message.text());
    }
  });
  page.on('pageerror', (error) => problems.push('page: ' + error.message));
  page.on('dialog', (dialog) => {
    problems.push('dialog: ' + dialog.message());
    dialog.dismiss();
  });
  page.on('requestfailed', (request) => problems.push('failed: ' + request.url()));
  page.on('request', (request) => {
    if (request.url() !== url) {
      problems.push('request: ' + request.url());
    }
  });
  await page.goto(url);
  return page;
};

const picture = async (page, name) => {
  if (directory) {
    await page.screenshot({ path: join(directory, name + '.png') });
  }
};

// What somebody with a browser reads of the cards. innerText leaves out what is not shown, and also
// what is not drawn yet since it is far below.
const drawAll = (page) => page.evaluate(() =>
  document.querySelectorAll('.card').forEach((card) => { card.style.contentVisibility = 'visible'; }));

const read = (page) => page.evaluate(() =>
  [...document.querySelectorAll('.card')].filter((card) => !card.hidden).map((card) => ({
    reference: card.querySelector('.reference').innerText,
    decision: card.querySelector('.badge').innerText,
    text: card.innerText,
    paths: [...card.querySelectorAll('.path')].map((path) => path.innerText),
    links: [...card.querySelectorAll('a')].map((link) => link.href),
    elements: [...new Set([...card.querySelectorAll('*')].map((e) => e.localName))].sort(),
  })));

const violations = async (page) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html.slice(0, 200)));
};

const wide = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const result = {};
try {
  const page = await opened({ viewport: { width: 1280, height: 900 } });
  result.title = await page.title();
  await drawAll(page);
  await picture(page, 'desktop');
  const summaries = page.locator('summary');
  // With the keyboard, as far as the first.
  if (await summaries.count() > 1) {
    await summaries.first().focus();
    await page.keyboard.press('Enter');
    result.opensByKeyboard = await page.locator('details[open]').count() === 1;
    await picture(page, 'desktop-open');
    await page.locator('#open').click();
  }
  result.images = await read(page);
  result.violations = await violations(page);
  if (await page.locator('#filter').count() > 0) {
    await page.locator('#close').click();
    await page.locator('#words').fill(word);
    result.filtered = (await read(page)).map((card) => card.reference);
    result.status = await page.locator('#shown').innerText();
    await picture(page, 'desktop-filtered');
    await page.locator('#words').fill('');
    await page.locator('#decision').selectOption('EXCLUDED');
    result.excluded = (await read(page)).map((card) => card.decision);
  }

  const dark = await opened({ viewport: { width: 1280, height: 900 }, colorScheme: 'dark' });
  await drawAll(dark);
  await dark.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await picture(dark, 'dark-open');
  result.violations.push(...await violations(dark));

  const narrow = await opened({ viewport: { width: 360, height: 780 } });
  await picture(narrow, 'mobile');
  await drawAll(narrow);
  await narrow.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await picture(narrow, 'mobile-open');
  result.overflow = await wide(narrow);

  const plain = await opened({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
  const folded = plain.locator('details:not([open]) > summary');
  while (await folded.count() > 0) {
    await folded.first().click();
  }
  result.withoutScript = {
    filter: await plain.locator('#filter').isVisible(),
    paths: await plain.locator('.path:visible').allInnerTexts(),
  };

  if (directory) {
    await page.locator('#decision').selectOption('').catch(() => {});
    await page.pdf({ path: join(directory, 'print.pdf'), format: 'A4' });
  }
  result.problems = problems;
} finally {
  await browser.close();
}
console.log(JSON.stringify(result));
