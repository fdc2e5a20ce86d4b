# Action Cable without the rest of Rails: a channel that streams what a thread broadcasts.
require "action_cable"
require "securerandom"

module ApplicationCable
  class Connection < ActionCable::Connection::Base
  end
end

class PricesChannel < ActionCable::Channel::Base
  def subscribed
    stream_from "prices"
  end
end

cable = ActionCable.server
cable.config.cable = { "adapter" => "async" }
cable.config.connection_class = -> { ApplicationCable::Connection }
cable.config.logger = Logger.new(nil)
cable.config.disable_request_forgery_protection = true
BYTES = Integer(ENV.fetch("STREAM_BYTES", "6680"))
INTERVAL_S = Float(ENV.fetch("STREAM_INTERVAL_MS", "2")) / 1000

Thread.new do
  (0..).each do |number|
    head = format("%012d %.6f ", number, Time.now.to_f)
    cable.broadcast("prices", head + SecureRandom.base64(BYTES)[0, BYTES - head.length])
    sleep INTERVAL_S
  end
end

run cable
