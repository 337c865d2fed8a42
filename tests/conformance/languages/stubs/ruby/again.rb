# frozen_string_literal: true

# Reads the recordings of a server as the classes of a source, and writes them again.
require_relative 'dtos'

recordings = JSON.parse($stdin.read)
again = recordings.to_h do |name, text|
    message = Object.const_get(name).from_hash(JSON.parse(text))
    [name, JSON.generate(message.to_hash)]
end
puts JSON.generate(again)
