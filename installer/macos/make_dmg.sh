#!/bin/sh
# Parley for macOS: signs dist/Parley.app, puts it into a disk image, has the image notarised.
#
#   PARLEY_IDENTITY        "Developer ID Application: …"; without it the app is signed ad hoc, and runs on this Mac only
#   PARLEY_NOTARY_PROFILE  made once by `xcrun notarytool store-credentials`; without it nothing is sent to Apple
set -eu
cd "$(dirname "$0")/../.."
app=dist/Parley.app
version=$(.venv/bin/python -c 'import app; print(app.__version__)')
image=dist/parley-$version-macos-$(uname -m).dmg
identity=${PARLEY_IDENTITY:--}

# From the inside out: a signature covers what it encloses.  `--deep` would give libraries the app's entitlements.
find "$app/Contents" -type f \( -name '*.so' -o -name '*.dylib' \) -exec \
    codesign --force --timestamp="$([ "$identity" = - ] && echo none || echo http://timestamp.apple.com/ts01)" \
    --options runtime --sign "$identity" {} +
codesign --force --options runtime --entitlements installer/macos/entitlements.plist --sign "$identity" "$app"
codesign --verify --deep --strict "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ditto "$app" "$folder/Parley.app"
ln -s /Applications "$folder/Applications"
hdiutil create -volname Parley -srcfolder "$folder" -ov -format UDZO "$image"

if [ -n "${PARLEY_NOTARY_PROFILE:-}" ]; then
    codesign --force --sign "$identity" "$image"
    xcrun notarytool submit "$image" --keychain-profile "$PARLEY_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
