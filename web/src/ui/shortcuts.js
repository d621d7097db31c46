/** The keys that do what the buttons do. */

/** @param {Document} page @param {{undo: () => void, clear: () => void}} actions */
export function obeyKeys(page, { undo, clear }) {
  page.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    if (action === "undo") undo();
    if (action === "clear") clear();
    if (action) event.preventDefault();
  });
}

function actionOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const command = (ctrlKey || metaKey) && !shiftKey && !altKey;
  if (command && key.toLowerCase() === "z") return "undo";
  const bare = !ctrlKey && !metaKey && !shiftKey && !altKey;
  if (bare && (key === "Escape" || key === "Delete")) return "clear";
  return null;
}
