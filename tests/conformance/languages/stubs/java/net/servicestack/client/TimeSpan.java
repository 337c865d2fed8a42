package net.servicestack.client;

import java.time.Duration;

public class TimeSpan {
    private final Duration duration;

    public TimeSpan(Duration duration) {
        this.duration = duration;
    }

    public static TimeSpan parse(String text) {
        return new TimeSpan(Duration.parse(text));
    }

    @Override
    public String toString() {
        return duration.toString();
    }
}
