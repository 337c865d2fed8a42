# frozen_string_literal: true

require 'date'

# Stands for the client library: it reads and writes what `properties` of a class tells it.
module ServiceStack
    module DTO
        def self.included(base)
            base.extend(Reading)
        end

        module Reading
            def from_hash(hash)
                message = new
                properties.each do |property, told|
                    value = hash[told[:name]]
                    message.public_send("#{property}=", DTO.read(value, told[:type])) unless value.nil?
                end
                message
            end
        end

        def to_hash
            written = self.class.properties.to_h { |property, told| [told[:name], DTO.write(public_send(property))] }
            written.compact
        end

        def self.read(value, type)
            case type
            when nil then value
            when Array then value.map { |item| read(item, type.first) }
            when Hash then value.transform_values { |item| read(item, type.values.first) }
            else type == DateTime ? DateTime.iso8601(value) : type.from_hash(value)
            end
        end

        def self.write(value)
            case value
            when Array then value.map { |item| write(item) }
            when Hash then value.transform_values { |item| write(item) }
            when DateTime then value.new_offset(0).strftime('%Y-%m-%dT%H:%M:%S.%6NZ')
            when DTO then value.to_hash
            else value
            end
        end
    end

    class ResponseError
        include DTO

        attr_accessor :error_code, :field_name, :message, :meta

        def self.properties
            {
                error_code: { name: 'errorCode' },
                field_name: { name: 'fieldName' },
                message: { name: 'message' },
                meta: { name: 'meta' },
            }
        end
    end

    class ResponseStatus
        include DTO

        attr_accessor :error_code, :message, :stack_trace, :errors, :meta

        def self.properties
            {
                error_code: { name: 'errorCode' },
                message: { name: 'message' },
                stack_trace: { name: 'stackTrace' },
                errors: { name: 'errors', type: [ResponseError] },
                meta: { name: 'meta' },
            }
        end
    end
end
