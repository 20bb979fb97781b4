/** The item of the status bar with which the driver tells that a reset is complete. */
export const resetSignal = 'recsample-test.driver.reset';

/**
 * No picture shows the signal of the driver. Nothing moves: a bar of progress or a scroll bar that fades draws the whole
 * window 60 times a second. An animation without duration still reports its end.
 */
const windowStyle = `
  [id="${resetSignal}"] { display: none !important; }
  *, *::before, *::after {
    animation-duration: 0s !important;
    animation-delay: 0s !important;
    animation-iteration-count: 1 !important;
    transition: none !important;
  }
`;

/** Runs in each new page and frame of a window. Pages of webviews obey the reduced motion of the context. */
export const addWindowStyle = `
  if (window === window.top) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(windowStyle)});
    document.adoptedStyleSheets.push(sheet);
  }
`;
