# frozen_string_literal: true

require_relative 'dtos'

request = GetConnectionsToContact.new
request.contact_id = '0193a1b2-5c6d-7e8f-9a0b-0000000000ff'
request.is_paged_mode = true
request.sort_order = SortOrder::DESCENDING
body = JSON.generate(request.to_hash)

answer = request.response_type.from_hash(JSON.parse($stdin.read))
second = answer.connections[1]
since = second.from_date.strftime('%Y-%m-%dT%H:%M:%S.%6NZ')
told = [second.contact.contact_full_name, second.allow_remove, since, answer.connections.length]

puts JSON.generate([request.get_type_name, request.get_method, body, told])
