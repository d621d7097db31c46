/** Opens a picture that somebody gives to the page, or says in plain words why it can't. */
import { SiteError } from "../model/files.js";
import { asSize } from "../ui/format.js";

/** A picture of the best telephone has a tenth of it. */
const MOST_BYTES = 200_000_000;

/** Decoded, a picture takes four bytes for each pixel. */
const MOST_PIXELS = 150_000_000;

/**
 * @param {Iterable<Blob>} files What was chosen, dropped or pasted.
 * @returns {Promise<ImageBitmap>} Upright, as its EXIF data say, in the colours as they are stored: Keras applies no
 *     colour profile either.
 * @throws {SiteError} If the first of them is no picture, or too large.
 */
export async function decodeFirst([file]) {
  if (!file) throw new SiteError("There is no picture in it. Choose, drop or paste the file of a picture.");
  if (file.size > MOST_BYTES) throw tooLarge(`a file of ${asSize(file.size)}`, asSize(MOST_BYTES));
  const picture = await createImageBitmap(file, { colorSpaceConversion: "none" }).catch(() => {
    throw new SiteError(
      "This browser cannot open this file: it is damaged, too large, or no picture. " +
        "Choose a JPEG, PNG, WebP or GIF.",
    );
  });
  const { width, height } = picture;
  if (width * height <= MOST_PIXELS) return picture;
  picture.close();
  throw tooLarge(`${width} × ${height} pixels`, `${MOST_PIXELS / 1e6} million pixels`);
}

/** @param {string} found @param {string} most */
function tooLarge(found, most) {
  return new SiteError(`This picture is too large: ${found}. Choose one of at most ${most}.`);
}
