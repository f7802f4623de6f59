# Sourced by the scripts of ops/: checks the two tools that cannot check themselves and says what to install.
# shellcheck shell=bash

# The lowest versions that this repository builds with; global.json and the package.json files say the same.
node_wanted="20.19, or 22.12 or newer,"
dotnet_wanted="10.0"

say_how_to_install() { # $1: what, $2: what was found, $3: Debian and Ubuntu, $4: macOS
  {
    echo
    echo "  $1 is needed; $2."
    echo
    echo "    Debian, Ubuntu:  $3"
    echo "    macOS:           $4"
    echo
  } >&2
}

node_is_new_enough() {
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'
}

require_tools() {
  local missing=0
  # The place of Microsoft's install script is not on everyone's PATH.
  if ! command -v dotnet >/dev/null && [ -x "${HOME:-/nonexistent}/.dotnet/dotnet" ]; then
    export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
  fi

  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say_how_to_install "Node.js $node_wanted with npm" "it is not installed" \
      "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs" \
      "brew install node"
    missing=1
  elif ! node_is_new_enough; then
    say_how_to_install "Node.js $node_wanted" "$(node --version) is installed" \
      "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs" \
      "brew upgrade node"
    missing=1
  fi

  local sdks
  sdks="$(command -v dotnet >/dev/null && dotnet --list-sdks 2>/dev/null)"
  if ! grep -q "^10\.0\." <<<"$sdks"; then
    local found="it is not installed"
    [ -n "$sdks" ] && found="installed is $(cut -d' ' -f1 <<<"$sdks" | paste -sd' ' -)"
    say_how_to_install ".NET SDK $dotnet_wanted" "$found" \
      "curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel $dotnet_wanted" \
      "brew install --cask dotnet-sdk"
    missing=1
  fi
  return "$missing"
}

# .NET and npm keep caches in HOME. An account without one (nobody, a service) gets a home inside the checkout.
require_home() { # $1: the repository
  if [ -z "${HOME:-}" ] || ! [ -w "$HOME" ]; then
    export HOME="$1/.cache/home"
    mkdir -p "$HOME"
  fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  # The SDK then does not need ICU, which slim machines lack; the server is built without it anyway.
  export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
}
