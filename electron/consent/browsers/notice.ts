/** Runs in the page and is sent there as text: puts a line of text above it, in a tree that the page's styles do not reach. */
function showNotice(text: string): void {
  const show = (): void => {
    if (window.top !== window || document.getElementById('grantwright-notice') !== null) return;
    const host = document.createElement('div');
    host.id = 'grantwright-notice';
    host.setAttribute('role', 'status');
    host.style.cssText =
      'all: initial; position: fixed; inset: 0 0 auto; z-index: 2147483647; display: block;';
    const line = document.createElement('div');
    line.style.cssText =
      'font: 13px/1.45 system-ui, sans-serif; color: #4a3200; background: #fff4d6; padding: 9px 14px; border-bottom: 1px solid #e2c27a;';
    line.textContent = text;
    host.attachShadow({ mode: 'closed' }).append(line);
    document.body?.prepend(host);
    // What the page has at its top stays in sight below it.
    document.documentElement.style.setProperty('padding-top', `${host.offsetHeight}px`, 'important');
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
  else show();
}

/** Code that shows a notice above the page in which it runs; once, however often it runs. */
export function noticeCode(text: string): string {
  return `(${showNotice.toString()})(${JSON.stringify(text)})`;
}
