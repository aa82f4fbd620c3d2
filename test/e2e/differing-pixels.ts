import type { Page } from 'playwright-core';

/** In how many pixels of their common part two pictures differ clearly, as a page decodes them; each is a JPEG in base64. */
export function differingPixels(page: Page, one: string, other: string): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const bitmaps = await Promise.all(
        pictures.map((text) =>
          createImageBitmap(new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))])),
        ),
      );
      const width = Math.min(...bitmaps.map((bitmap) => bitmap.width));
      const height = Math.min(...bitmaps.map((bitmap) => bitmap.height));
      const [first, second] = bitmaps.map((bitmap) => {
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context?.drawImage(bitmap, 0, 0);
        return context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      });
      // The green of each pixel tells text from ground.
      let differing = 0;
      for (let at = 1; at < width * height * 4; at += 4)
        if (Math.abs((first?.[at] ?? 0) - (second?.[at] ?? 0)) > 64) differing += 1;
      return differing;
    },
    [one, other],
  );
}
